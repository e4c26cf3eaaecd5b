# users.auth.php
# <?php exit()?>
#
# login:passwordhash:Real Name:email:groups,comma,separated

ida:$1$abcdefgh$abcdefghijklmnopqrstu1:Ida Holm:ida@example.com:admin,user
# gone
cem:$1$abcdefgh$Xbcdefghijklmnopqrstu1:Cem\: the second:cem@example.com:user
