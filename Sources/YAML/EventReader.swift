import CLibYAML
import Diagnostics

/// Pulls libyaml's events one at a time; the only file that holds libyaml's pointers.
///
/// The bytes must be well-formed UTF-8 and outlive the reader.
struct EventReader: ~Copyable {
  /// One step of the text.
  struct Event {
    enum Kind {
      case streamStart, streamEnd
      case documentStart, documentEnd
      case alias(String)
      case scalar(String, YAMLScalar.Style)
      case sequenceStart(isFlow: Bool), sequenceEnd
      case mappingStart(isFlow: Bool), mappingEnd
    }

    var kind: Kind
    var range: SourceRange
    var anchor: String?
    var tag: String?
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private let linesBefore: Int
  private let end: SourcePosition

  /// A reader of the last part of a file, behind its first `linesBefore` lines; `end` is the end of the file.
  init(_ bytes: UnsafeBufferPointer<UInt8>, linesBefore: Int, end: SourcePosition) {
    parser = .allocate(capacity: 1)
    event = .allocate(capacity: 1)
    self.linesBefore = linesBefore
    self.end = end
    // Out of memory leaves the parser zeroed, and the first event then fails in an orderly way.
    _ = yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    event.deallocate()
  }

  /// The next event; `nil` after the end and on an error, which ``problem`` then tells.
  mutating func next() -> Event? {
    guard yaml_parser_parse(parser, event) == 1 else { return nil }
    defer { yaml_event_delete(event) }
    let range = SourceRange(position(event.pointee.start_mark), position(event.pointee.end_mark))
    switch event.pointee.type {
    case YAML_STREAM_START_EVENT: return Event(kind: .streamStart, range: range)
    case YAML_STREAM_END_EVENT: return Event(kind: .streamEnd, range: range)
    case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, range: range)
    case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, range: range)
    case YAML_ALIAS_EVENT:
      return Event(kind: .alias(text(event.pointee.data.alias.anchor) ?? ""), range: range)
    case YAML_SCALAR_EVENT: return scalar(range)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.pointee.data.sequence_start
      return Event(
        kind: .sequenceStart(isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE), range: range,
        anchor: text(start.anchor), tag: text(start.tag))
    case YAML_SEQUENCE_END_EVENT: return Event(kind: .sequenceEnd, range: range)
    case YAML_MAPPING_START_EVENT:
      let start = event.pointee.data.mapping_start
      return Event(
        kind: .mappingStart(isFlow: start.style == YAML_FLOW_MAPPING_STYLE), range: range,
        anchor: text(start.anchor), tag: text(start.tag))
    case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, range: range)
    default: return nil
    }
  }

  /// Why ``next()`` returned `nil`.
  var problem: SyntaxProblem {
    let state = parser.pointee
    return SyntaxProblem(
      words: state.problem.map { String(cString: $0) } ?? "",
      mark: position(state.problem_mark),
      context: state.context.map { String(cString: $0) } ?? "",
      contextMark: position(state.context_mark))
  }

  private func scalar(_ range: SourceRange) -> Event {
    let scalar = event.pointee.data.scalar
    let style: YAMLScalar.Style =
      switch scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    return Event(kind: .scalar(value, style), range: range, anchor: text(scalar.anchor), tag: text(scalar.tag))
  }

  private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  /// libyaml counts lines and columns from 0, columns in characters; it ends an unfinished last line by itself.
  private func position(_ mark: yaml_mark_t) -> SourcePosition {
    let place = SourcePosition(
      line: Int(clamping: mark.line) + 1 + linesBefore, column: Int(clamping: mark.column) + 1)
    return min(place, end)
  }
}
