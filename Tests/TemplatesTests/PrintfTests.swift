import Model
import Templates
import Testing

@Suite struct `Printing with printf` {
  @Test(arguments: [
    (#"printf "%s is %v" $labels.job $value"#, "api is 1.5"),
    (#"$value | printf "%.2f""#, "1.50"),
    (#"printf "%d" $value"#, "%!d(float64=1.5)"),
    (#"printf "%5d" $value"#, "%!d(float64=  1.5)"),
    (#"printf "%s" $value"#, "%!s(float64=1.5)"),
    (#"printf "%t" $value"#, "%!t(float64=1.5)"),
    (#"printf "%f" $labels.job"#, "%!f(string=api)"),
    (#"printf "%d" $labels.job"#, "%!d(string=api)"),
    (#"printf "%v %v" $value"#, "1.5 %!v(MISSING)"),
    (#"printf "%v" $value $labels.job"#, "1.5%!(EXTRA string=api)"),
    (#"printf "100%%""#, "100%"),
    (#"printf "100%""#, "100%!(NOVERB)"),
    (#"printf "%z" 1"#, "%!z(int=1)"),
    (#"printf "%q" $labels.job"#, #""api""#),
    (#"printf "%-6s|%6s|" $labels.job $labels.job"#, "api   |   api|"),
    (#"printf "%.2s" $labels.job"#, "ap"),
    (#"printf "%x" "hi""#, "6869"),
    (#"printf "%X" 255"#, "FF"),
    (#"printf "%#x" 255"#, "0xff"),
    (#"printf "%03d|%+d|%-4d|" 7 7 7"#, "007|+7|7   |"),
    (#"printf "%c%c" 'a' 98"#, "ab"),
    (#"printf "%q" 'a'"#, "'a'"),
    (#"printf "%o %b" 8 5"#, "10 101"),
    (#"printf "%T %T" $value $labels"#, "float64 map[string]string"),
    (#"printf "%v" $labels"#, "map[instance:web-1:9100 job:api]"),
    (#"printf "%d" $labels"#, "map[%!d(string=instance):%!d(string=web-1:9100) %!d(string=job):%!d(string=api)]"),
    (#"printf "%*d" 5 42"#, "   42"),
    (#"printf "%v %v" true nil"#, "true <nil>"),
    (#"printf "%t" true"#, "true"),
    (#"printf "%.3d" 7"#, "007"),
    (#"printf "%U" 8364"#, "U+20AC"),
    (#"printf "%[2]s %[1]s" "a" "b""#, "b a"),
    (#"printf "%[3]d" 1"#, "%!d(BADINDEX)"),
    (#"printf "%[1]*d|" 4 5"#, "   5|"),
    (#"printf "%.*f" 2 $value"#, "1.50"),
    (#"printf "%.*f" "x" $value"#, "%!(BADPREC)1.500000"),
    (#"printf "%*d" "x" 1"#, "%!(BADWIDTH)1"),
    (#"printf "% x" "hi""#, "68 69"),
    (#"printf "%99999999d" 1"#, "%!(NOVERB)%!(EXTRA int=1)"),
    (#"printf "%v %d" (args 1) (args 1)"#, "map[arg0:1] map[%!d(string=arg0):1]"),
    (#"printf "%s" nil"#, "%!s(<nil>)"),
    (#"printf "é%5s|" "é""#, "é    é|"),
    (#"print 1 2 "a" "b" 3"#, "1 2ab3"),
    (#"println 1 "a""#, "1 a\n"),
  ])
  func `follows Go`(action: String, text: String) throws {
    let data = TemplateData(name: "__alert_A", labels: ["job": "api", "instance": "web-1:9100"], value: 1.5)
    let result = try Template(parsing: "{{ " + action + " }}").render(data)
    #expect(result.error == nil)
    #expect(result.text == text)
  }
}
