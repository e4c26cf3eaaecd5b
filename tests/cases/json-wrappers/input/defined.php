<?php defined("SITE") or die("No."); ?>
[{"id":1,"tag":"x"}]
