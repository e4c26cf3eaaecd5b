<?php http_response_code(403); /*
{"id":7,"paste":"<?php echo 1; ?>"}