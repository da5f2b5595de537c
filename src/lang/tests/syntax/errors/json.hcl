{
  "resource": {
    "x": { "y": {} }
  }
}
