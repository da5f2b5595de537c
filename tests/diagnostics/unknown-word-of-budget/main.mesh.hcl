mesh {
  budget {
    amount    = 5000
    period    = "month"
    basis     = "highest"
    on_exceed = "warm"
  }
}
