<?php die(); ?>
{"1":{"name":"Ann","age":4},"2":{"name":"Bob","age":5}}
