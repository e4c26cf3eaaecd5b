const users = require("./users.json");
