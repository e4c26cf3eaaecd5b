# PHP Way (File-based)
$user = [
    'username' => 'john_doe',
    'email' => 'john@example.com'
];
$users = json_decode(file_get_contents('users.json'), true);
$users[] = $user;
file_put_contents('users.json', json_encode($users));

# Flask SQLAlchemy Way
@app.route('/create_user', methods=['POST'])
def create_user():
    user = User(
        username=request.form['username'],
        email=request.form['email']
    )
    db.session.add(user)
    db.session.commit()
    return jsonify({'message': 'User created'})
