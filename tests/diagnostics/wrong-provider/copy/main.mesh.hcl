mesh {
  required_providers {
    lake = {
      source = "mesh/local"
    }
  }
}
