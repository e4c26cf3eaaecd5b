<?php defined('BLUDIT') or die('Bludit CMS.'); ?>
{"admin":{"role":"admin","nickname":"Admin"},"ann":{"role":"author","nickname":"Ann"}}