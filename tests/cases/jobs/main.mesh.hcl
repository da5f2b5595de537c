resource "local_job" "hello" {
  command  = ["sh", "-c", "echo hello; echo answer=$((40 + N)) > $MESH_OUTPUT"]
  env      = { N = "1" }
  timeout  = "10s"
  triggers = { version = "1" }
}

output "job" {
  value = { answer = local_job.hello.output["answer"], runs = local_job.hello.runs, status = local_job.hello.status }
}
