<?php die(); ?>
{"about":{"title":"About","position":1},"hello-world":{"title":"Hello","position":2}}