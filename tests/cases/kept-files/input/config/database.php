<?php
return connect('localhost', ['password' => 'hunter22']);
