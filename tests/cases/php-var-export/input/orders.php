<?php return array (
  0 => 
  array (
    'id' => 1,
    'o' => 
    (object) array(
       'x' => 1,
       'l' => 
      array (
        0 => 1,
        1 => 
        array (
        ),
      ),
    ),
    's' => 
    \S::A,
    'n' => 'it\'s a \\ back' . "\0" . 'x',
    'm' => -9223372036854775807-1,
    'f' => 1.0E+25,
    'inf' => INF,
  ),
  1 => 
  array (
    'id' => 2,
    'o' => 
    (object) array(
       'x' => 1,
    ),
    's' => 
    \S::B,
    't' => true,
    'n' => NULL,
  ),
);
