<?php http_response_code(404); exit; ?>
[{"id":1,"title":"x"}]