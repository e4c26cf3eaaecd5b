<?php /*
[{"id":1,"word":"x"},{"id":2,"word":"a * b"}]
*/ ?>
