window.DATA["posts"] = [{"id":1,"text":"y"}]
