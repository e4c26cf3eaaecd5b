export default [
  {
    "id": 1,
    "mode": "dark"
  }
]
