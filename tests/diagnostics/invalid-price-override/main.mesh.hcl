mesh {
  price_override "enterprise" {
    service = "s3"
    percent = -12
    usd     = 0.02
  }

  price_override "nothing" {
    key = "aws/*/storage"
  }
}
