$(function () { alert(1) })
