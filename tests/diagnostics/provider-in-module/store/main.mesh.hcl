provider "local" {
  base_dir = "store"
}
