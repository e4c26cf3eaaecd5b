<?php

declare(strict_types=1);

defined('APP') or die('no');

return [
    'site' => [
        'title'    => 'My site',
        'url'      => 'http://x',
        'per_page' => 10,
        'langs'    => ['en', 'uk'],
        'admin'    => true,
    ],
    'blog' => [
        'title'    => 'Blog',
        'url'      => 'http://y',
        'per_page' => 5,
        'langs'    => ['en'],
        'admin'    => false,
    ],
];
