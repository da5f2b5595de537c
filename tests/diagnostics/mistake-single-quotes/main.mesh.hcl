resource 'terraform_data' 'a' {
  input = 'it is'
}
