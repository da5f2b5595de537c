mesh {
  required_version = "at least 0.1"
}
