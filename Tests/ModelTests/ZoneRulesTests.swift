import FoundationEssentials
import Model
import Testing

@Suite struct `The rules of a time zone` {
  /// The system's rules; the tests need Debian's `tzdata`.
  static func rules(_ name: String) -> ZoneRules? {
    FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name).flatMap { ZoneRules(tzif: Array($0)) }
  }

  static let hasZones = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Berlin")

  /// Zone, seconds since the epoch, and what Python's `zoneinfo` says: seconds east of UTC and abbreviation.
  static let table: [(String, Int64, Int, String)] = [
    ("Europe/Berlin", -1500000000, 3600, "CET"),
    ("Europe/Berlin", 0, 3600, "CET"),
    ("Europe/Berlin", 315532800, 3600, "CET"),
    ("Europe/Berlin", 951782400, 3600, "CET"),
    ("Europe/Berlin", 1774745999, 3600, "CET"),
    ("Europe/Berlin", 1774746000, 7200, "CEST"),
    ("Europe/Berlin", 1792889999, 7200, "CEST"),
    ("Europe/Berlin", 1792890000, 3600, "CET"),
    ("Europe/Berlin", 1772953199, 3600, "CET"),
    ("Europe/Berlin", 1772953200, 3600, "CET"),
    ("Europe/Berlin", 1793512799, 3600, "CET"),
    ("Europe/Berlin", 1793512800, 3600, "CET"),
    ("Europe/Berlin", 1795161600, 3600, "CET"),
    ("Europe/Berlin", 2540000000, 7200, "CEST"),
    ("Europe/Berlin", 4102444800, 3600, "CET"),
    ("Europe/Berlin", 4118000000, 7200, "CEST"),
    ("America/New_York", -1500000000, -14400, "EDT"),
    ("America/New_York", 0, -18000, "EST"),
    ("America/New_York", 315532800, -18000, "EST"),
    ("America/New_York", 951782400, -18000, "EST"),
    ("America/New_York", 1774745999, -14400, "EDT"),
    ("America/New_York", 1774746000, -14400, "EDT"),
    ("America/New_York", 1792889999, -14400, "EDT"),
    ("America/New_York", 1792890000, -14400, "EDT"),
    ("America/New_York", 1772953199, -18000, "EST"),
    ("America/New_York", 1772953200, -14400, "EDT"),
    ("America/New_York", 1793512799, -14400, "EDT"),
    ("America/New_York", 1793512800, -18000, "EST"),
    ("America/New_York", 1795161600, -18000, "EST"),
    ("America/New_York", 2540000000, -14400, "EDT"),
    ("America/New_York", 4102444800, -18000, "EST"),
    ("America/New_York", 4118000000, -14400, "EDT"),
    ("Australia/Lord_Howe", -1000000000, 36000, "AEST"),
    ("Australia/Lord_Howe", 500000000, 39600, "+11"),
    ("Australia/Lord_Howe", 1784505600, 37800, "+1030"),
    ("Australia/Lord_Howe", 1795161600, 39600, "+11"),
    ("Australia/Lord_Howe", 4118000000, 37800, "+1030"),
    ("Australia/Lord_Howe", 4102444800, 39600, "+11"),
    ("Asia/Shanghai", -1000000000, 28800, "CST"),
    ("Asia/Shanghai", 500000000, 28800, "CST"),
    ("Asia/Shanghai", 1784505600, 28800, "CST"),
    ("Asia/Shanghai", 1795161600, 28800, "CST"),
    ("Asia/Shanghai", 4118000000, 28800, "CST"),
    ("Asia/Shanghai", 4102444800, 28800, "CST"),
    ("Asia/Kolkata", -1000000000, 19800, "IST"),
    ("Asia/Kolkata", 500000000, 19800, "IST"),
    ("Asia/Kolkata", 1784505600, 19800, "IST"),
    ("Asia/Kolkata", 1795161600, 19800, "IST"),
    ("Asia/Kolkata", 4118000000, 19800, "IST"),
    ("Asia/Kolkata", 4102444800, 19800, "IST"),
    ("America/Sao_Paulo", -1000000000, -10800, "-03"),
    ("America/Sao_Paulo", 500000000, -7200, "-02"),
    ("America/Sao_Paulo", 1784505600, -10800, "-03"),
    ("America/Sao_Paulo", 1795161600, -10800, "-03"),
    ("America/Sao_Paulo", 4118000000, -10800, "-03"),
    ("America/Sao_Paulo", 4102444800, -10800, "-03"),
    ("Africa/Casablanca", -1000000000, 0, "+00"),
    ("Africa/Casablanca", 500000000, 3600, "+01"),
    ("Africa/Casablanca", 1784505600, 3600, "+01"),
    ("Europe/Dublin", -1000000000, 3600, "IST"),
    ("Europe/Dublin", 500000000, 0, "GMT"),
    ("Europe/Dublin", 1784505600, 3600, "IST"),
    ("Europe/Dublin", 1795161600, 0, "GMT"),
    ("Europe/Dublin", 4118000000, 3600, "IST"),
    ("Europe/Dublin", 4102444800, 0, "GMT"),
    ("America/St_Johns", -1000000000, -12600, "NST"),
    ("America/St_Johns", 500000000, -12600, "NST"),
    ("America/St_Johns", 1784505600, -9000, "NDT"),
    ("America/St_Johns", 1795161600, -12600, "NST"),
    ("America/St_Johns", 4118000000, -9000, "NDT"),
    ("America/St_Johns", 4102444800, -12600, "NST"),
    ("Pacific/Chatham", -1000000000, 44100, "+1215"),
    ("Pacific/Chatham", 500000000, 49500, "+1345"),
    ("Pacific/Chatham", 1784505600, 45900, "+1245"),
    ("Pacific/Chatham", 1795161600, 49500, "+1345"),
    ("Pacific/Chatham", 4118000000, 45900, "+1245"),
    ("Pacific/Chatham", 4102444800, 49500, "+1345"),
    ("Asia/Tehran", -1000000000, 12600, "+0330"),
    ("Asia/Tehran", 500000000, 12600, "+0330"),
    ("Asia/Tehran", 1784505600, 12600, "+0330"),
    ("Asia/Tehran", 1795161600, 12600, "+0330"),
    ("Asia/Tehran", 4118000000, 12600, "+0330"),
    ("Asia/Tehran", 4102444800, 12600, "+0330"),
    ("America/Santiago", -1000000000, -14400, "-04"),
    ("America/Santiago", 500000000, -10800, "-03"),
    ("America/Santiago", 1784505600, -14400, "-04"),
    ("America/Santiago", 1795161600, -10800, "-03"),
    ("America/Santiago", 4118000000, -14400, "-04"),
    ("America/Santiago", 4102444800, -10800, "-03"),
  ]

  @Test(.enabled(if: hasZones, "tzdata isn't installed"), arguments: table)
  func `say what a clock shows, before, between and after the changes they list`(
    zone: String, second: Int64, offset: Int, abbreviation: String
  ) throws {
    let rules = try #require(Self.rules(zone))
    let shown = rules.offset(at: Timestamp(millisecondsSinceEpoch: second * 1000))
    #expect(shown.secondsEastOfUTC == offset)
    #expect(shown.abbreviation == abbreviation)
  }

  @Test(.enabled(if: hasZones, "tzdata isn't installed"))
  func `leave an hour out in spring and show one twice in autumn`() throws {
    let rules = try #require(Self.rules("Europe/Berlin"))
    func shown(_ text: String) throws -> String { rules.civilTime(at: try #require(Timestamp(rfc3339: text))).timeText }
    #expect(try shown("2026-03-29T00:59:59.999Z") == "01:59:59")
    #expect(try shown("2026-03-29T01:00:00Z") == "03:00:00")
    #expect(try shown("2026-10-25T00:30:00Z") == "02:30:00")
    #expect(try shown("2026-10-25T01:30:00Z") == "02:30:00")
    // Beyond what files list, by the footer.
    #expect(try shown("2090-03-26T00:59:59Z") == "01:59:59")
    #expect(try shown("2090-03-26T01:00:00Z") == "03:00:00")
  }

  @Test(.enabled(if: hasZones, "tzdata isn't installed"))
  func `are read from nothing but whole files`() throws {
    let bytes = Array(try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/Europe/Berlin")))
    for length in [0, 3, 44, 100, 500, bytes.count / 2] where length < bytes.count {
      #expect(ZoneRules(tzif: Array(bytes[..<length])) == nil)
    }
    var other = bytes
    other[0] = 0
    #expect(ZoneRules(tzif: other) == nil)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `never trap on bytes that were tampered with`(seed: UInt64) {
    var bytes = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 39)
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    for index in 20..<44 where index % 4 == 3 { bytes[index] = UInt8(truncatingIfNeeded: next() % 5) }
    bytes += (0..<200).map { _ in UInt8(truncatingIfNeeded: next()) }
    let rules = ZoneRules(tzif: bytes)
    for second in [Int64.min / 1000, -1, 0, 1, Int64.max / 1000] {
      _ = rules?.offset(at: Timestamp(millisecondsSinceEpoch: second * 1000))
    }
  }

  @Test func `are always known for UTC`() {
    #expect(Zones.utcOnly["UTC"] == .utc)
    #expect(Zones.utcOnly["Europe/Berlin"] == nil)
    #expect(ZoneRules.utc.offset(at: .epoch) == .utc)
  }
}
