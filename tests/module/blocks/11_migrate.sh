flask db migrate -m "Create users table"
