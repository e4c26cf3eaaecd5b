<?php __halt_compiler();
[{"id":1,"halt":"x"}]
