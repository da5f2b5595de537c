a {b=1}
cd {ef=1}
