mesh {
  budget {
    amount = 5000
  }
}

mesh {
  budget {
    amount = 6000
  }
}

domain "sales" {
  budget {
    amount = 1
  }
  budget {
    amount = 2
  }
}
