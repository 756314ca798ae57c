/// What only the dialects of other systems ask.
package protocol DialectSource: Sendable {
}
