"use strict";
var users = [
  {"id": 1, "nick": "ann"},
  {"id": 2, "nick": "bob"}
];
