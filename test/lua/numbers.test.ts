import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatNumber, numberText } from '../../src/lua/number-text.js';
import { runLua } from './scripted-host.js';

describe('numbers are doubles, as in Lua 5.1', () => {
  it.each([
    ['local a = math.floor(1790000000.5) print(a * math.floor(1000), a + a)', '1790000000000\t3580000000'],
    ['print(math.ceil(2e9) + math.ceil(2e9))', '4000000000'],
    ['print(math.floor(-3.2), math.floor(3.7), math.ceil(3.2))', '-4\t3\t4'],
    ['print(0xffffffff, 0xFF, tonumber("0xffffffff"))', '4294967295\t255\t4294967295'],
    ['print(tonumber("ff", 16), tonumber("ffffffff", 16), tonumber("zz", 16))', '255\t4294967295\tnil'],
    [
      'print(2^53, 2^31, -2^31, 1e15, 999999999999999)',
      '9007199254740992\t2147483648\t-2147483648\t1000000000000000\t999999999999999',
    ],
    ['print(os.time() * 1000000 + 123456)', '1790000000123456'],
    [
      'print("at " .. 2^50, tostring(2^50), table.concat({ 2^50 }))',
      'at 1125899906842624\t1125899906842624\t1125899906842624',
    ],
    ['print(1/0, -1/0, 0/0, math.huge)', 'inf\t-inf\tnan\tinf'],
    ['print(7 / 2, 8 / 2, 7 % 3, -7 % 3, 2 ^ 0.5)', '3.5\t4\t1\t2\t1.4142135623731'],
    ['print("10" + 5, 10 .. 20, 0.1 + 0.2, 1e100, 1e-7)', '15\t1020\t0.3\t1e+100\t1e-07'],
    ['print(1 == 1.0, ({ [1] = "a" })[1.0], #{ 1, 2, 3 } * 2000000000)', 'true\ta\t6000000000'],
    ['for i = 3, 1, -1 do print(i) end', '3|2|1'],
    ['for i = 0, 1, 0.5 do print(i) end', '0|0.5|1'],
    ['print(("hello"):sub(1, 5 / 2), ("x"):rep(2.5), select(1.5, "a"))', 'he\txx\ta'],
    ['print(math.tointeger(3), math.tointeger(3.5))', '3\tnil'],
    ['print(math.random(1, 10), math.random(5), math.random())', '6\t3\t0.5'],
    ['print(math.maxn, table.maxn({ 1, 2 }), math.pow(2, 10))', 'nil\t2\t1024'],
  ])('%s', async (source, printed) => expect((await runLua(source)).lines.join('|')).toBe(printed));
});

describe('string.format', () => {
  it.each([
    ['"%d", 2^40', '1099511627776'],
    ['"%d%%", 2 / 3 * 100', '66%'],
    ['"%d", -3.7', '-3'],
    ['"%d", "42"', '42'],
    ['"%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42', '   42|42   |00042|+42| 42'],
    ['"%.3d %i %u", 7, 7, 7', '007 7 7'],
    ['"%x %X %o %#x", 255, 255, 8, 255', 'ff FF 10 0xff'],
    ['"%x %x", 2^40, -1', '10000000000 ffffffffffffffff'],
    ['"%.2f %5.1f %f", 1.005, 3.14159, 1', '1.00   3.1 1.000000'],
    ['"%e %.1E", 12345.678, 0.00012', '1.234568e+04 1.2E-04'],
    ['"%g %g %g %g", 1e20, 0.5, 100000, 1e-5', '1e+20 0.5 100000 1e-05'],
    ['"%f %5d|%-6g|", 1/0, 1, 2.5', 'inf     1|2.5   |'],
    ['"%s %s %s", 2^50, nil, true', '1125899906842624 nil true'],
    ['"%5s|%-5s|%.2s", "ab", "ab", "abc"', '   ab|ab   |ab'],
    ['"%q %c", "a\\"b", 65', '"a\\"b" A'],
  ])('(%s) is %j', async (args, text) => expect((await runLua(`print(string.format(${args}))`)).lines).toEqual([text]));

  it.each([
    ['"%d", "x"', "t.lua:1: bad argument #2 to 'format' (number expected, got string)"],
    ['"%s %d", 1', "t.lua:1: bad argument #3 to 'format' (no value)"],
    ['"%d", nil', "t.lua:1: bad argument #2 to 'format' (number expected, got nil)"],
    ['"%999999999d", 1', 't.lua:1: invalid format (width or precision too long)'],
  ])('(%s) is an error with the line of the script', async (args, message) =>
    expect((await runLua(`print(select(2, pcall(function() return (string.format(${args})) end)))`)).lines).toEqual([
      message,
    ]),
  );
});

describe('numbers as text', () => {
  it('of whole doubles are exact, and all are read back nearly', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (n) => expect(numberText(n)).toBe(String(n))));
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (x) => {
        expect(Math.abs(Number(numberText(x)) - x)).toBeLessThanOrEqual(Math.abs(x) * 1e-13);
        expect(
          Math.abs(Number(formatNumber({ flags: '', width: 0, precision: 15, kind: 'e' }, x)) - x),
        ).toBeLessThanOrEqual(Math.abs(x) * 1e-13);
      }),
    );
  });
  it('is never shorter than its width', () => {
    const format = fc.record({
      flags: fc.constantFrom('', '-', '0', '+', ' ', '#', '-+', '0+'),
      width: fc.integer({ min: 0, max: 30 }),
      precision: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
      kind: fc.constantFrom(...'diuoxXeEfgG'),
    });
    fc.assert(
      fc.property(format, fc.double(), (one, x) =>
        expect(formatNumber(one, x).length).toBeGreaterThanOrEqual(one.width),
      ),
    );
  });
});

describe('time', () => {
  it.each([
    ['os.date("!%Y-%m-%dT%H:%M:%SZ", 1790000000)', '2026-09-21T14:13:20Z'],
    ['os.date("%I:%M %p, day %j")', '02:13 PM, day 264'],
    ['os.date("*t", 0).yday, os.date("*t", 0).wday', '1\t5'],
    ['os.time{ year = 2026, month = 1, day = 2, hour = 3 }', '1767322800'],
    ['os.difftime(5, 3), os.clock()', '2\t0'],
  ])('print(%s) prints %s', async (source, printed) =>
    expect((await runLua(`print(${source})`)).lines).toEqual([printed]),
  );
});
