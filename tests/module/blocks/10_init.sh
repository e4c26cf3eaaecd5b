flask db init
