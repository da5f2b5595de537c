check "files" {
  data "local_file" "found" {
    count = 2
    path  = "a.txt"

    lifecycle {
      postcondition {
        condition     = length(self.content) > 0
        error_message = "None."
      }
    }
  }

  assert {
    condition     = length(data.local_file.found) > 0
    error_message = "None."
  }
}
