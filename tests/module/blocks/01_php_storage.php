// PHP file-based storage
$data = [
    'id' => 1,
    'name' => 'John Doe',
    'email' => 'john@example.com'
];
file_put_contents('users.json', json_encode($data));

// Reading data
$users = json_decode(file_get_contents('users.json'), true);
