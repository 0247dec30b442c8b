<?php
/**
 * The spool as a table for a spreadsheet.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Writes submissions as CSV, a few at a time, so that any number fits into memory.
 */
final class Csv_Export {

	private const CHUNK = 50;

	/**
	 * Without it, Excel does not read the file as UTF-8.
	 */
	private const BYTE_ORDER_MARK = "\xEF\xBB\xBF";

	private Spool_Records $records;

	public function __construct( Spool_Records $records ) {
		$this->records = $records;
	}

	/**
	 * Writes all rows of a state, oldest first.
	 *
	 * @param resource $output Where to.
	 * @param string   $state  One state, or empty for all.
	 */
	public function write( $output, string $state ): void {
		self::put(
			$output,
			array(
				self::BYTE_ORDER_MARK . __( 'Key', 'gateway-connector' ),
				__( 'Form', 'gateway-connector' ),
				__( 'Page', 'gateway-connector' ),
				__( 'Received (UTC)', 'gateway-connector' ),
				__( 'State', 'gateway-connector' ),
				__( 'Attempts', 'gateway-connector' ),
				__( 'Last problem', 'gateway-connector' ),
				__( 'Received by the gateway (UTC)', 'gateway-connector' ),
				__( 'ID at the gateway', 'gateway-connector' ),
				__( 'Fields', 'gateway-connector' ),
			)
		);
		$last = 0;
		do {
			$rows = $this->records->rows( $state, $last, self::CHUNK );
			foreach ( $rows as $row ) {
				$last = (int) $row['id'];
				self::put( $output, self::cells( $row ) );
			}
			fflush( $output );
		} while ( array() !== $rows );
	}

	private static function cells( array $row ): array {
		$submission = (array) json_decode( $row['payload'], true );
		$fields     = array();
		foreach ( (array) ( $submission['fields'] ?? array() ) as $name => $value ) {
			$fields[] = $name . ': ' . implode( ', ', (array) $value );
		}
		return array(
			$row['submission_key'],
			(int) $row['user_id'] > 0 ? User_Name::of( (int) $row['user_id'] ) : (string) ( $submission['form']['title'] ?? '' ),
			(string) ( $submission['form']['url'] ?? '' ),
			$row['created_at'],
			$row['state'],
			$row['attempts'],
			$row['last_error'],
			(string) $row['delivered_at'],
			$row['gateway_id'],
			implode( "\n", $fields ),
		);
	}

	/**
	 * Writes one line. A cell that a spreadsheet would run as a formula becomes text.
	 *
	 * @param resource $output Where to.
	 * @param string[] $cells  The cells.
	 */
	public static function put( $output, array $cells ): void {
		$cells = preg_replace( '/^(?=[=+\-@\t\r\n＝＋－＠])/u', "'", $cells );
		fputcsv( $output, $cells, ',', '"', '' );
	}
}
