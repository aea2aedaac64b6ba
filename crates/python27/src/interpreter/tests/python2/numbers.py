print 0644, 0o17, 00, 10L, 0xFFL, repr(10L), 2 ** 70, repr(2 ** 70), 1e100, 0b11
print 7 / 2, -7 / 2, 7 / 2.0, 7 // 2, -7 % 3, 1.0 / 3, 0.1 + 0.2, [0.1 + 0.2]
x = 7
x /= 2
values = [9]
values[0] /= 2
class Box: pass
box = Box()
box.n = 15
box.n /= 2
print x, values, box.n
print round(2.5), round(-2.5), round(2.675, 2), round(0.125, 2), round(1234.5, -2)
print oct(8), oct(0), hex(255), divmod(-7, 2), int('12'), long('12'), coerce(1, 2.5), 5 <> 6
print isinstance(5L, long), isinstance(5, (int, long)), repr(3L * 2), str(3L)
