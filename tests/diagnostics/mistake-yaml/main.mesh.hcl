locals:
  name: x
  list:
    - a
    - b
