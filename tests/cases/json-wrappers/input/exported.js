module.exports = {"colors":[{"id":1,"hex":"#fff"}],"sizes":[{"id":1,"cm":4}]};
