module.exports = {"port": 80, start() { return 1 }}
