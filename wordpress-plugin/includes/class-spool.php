<?php
/**
 * The table of submissions on their way.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use wpdb;

/**
 * Keeps every submission until the gateway has it. Rows leave only by being delivered, and then after a month.
 */
final class Spool {

	public const WAITING   = 'waiting';
	public const DELIVERED = 'delivered';
	public const PARKED    = 'parked';

	/**
	 * Fired after a submission was stored.
	 */
	public const STORED = 'gateway_connector_stored';

	/**
	 * How long a worker may hold a row. It must be longer than a request to the gateway takes.
	 */
	private const LEASE          = 2 * MINUTE_IN_SECONDS;
	private const RETENTION      = 30 * DAY_IN_SECONDS;
	private const FIRST_DELAY    = MINUTE_IN_SECONDS;
	private const LAST_DELAY     = 48 * MINUTE_IN_SECONDS; // An hour with jitter.
	private const LONGEST_REASON = 255;

	private wpdb $db;

	public function __construct( wpdb $db ) {
		$this->db = $db;
	}

	public function table(): string {
		return $this->db->prefix . 'gateway_spool';
	}

	/**
	 * Takes in a submission. Says false, and prints nothing into the visitor's page, when the database refuses.
	 *
	 * @param array $submission The submission, without its key.
	 */
	public function add( int $form_id, array $submission ): bool {
		$key     = wp_generate_uuid4();
		$was     = $this->db->suppress_errors( true );
		$payload = wp_json_encode( array( 'key' => $key ) + $submission, JSON_UNESCAPED_SLASHES ); // ASCII, so that emoji fit tables of any charset.
		$added   = false !== $payload && 1 === $this->db->insert(
			$this->table(),
			array(
				'submission_key' => $key,
				'form_id'        => $form_id,
				'payload'        => $payload,
				'state'          => self::WAITING,
				'due_at'         => self::time(),
				'created_at'     => self::time(),
			)
		);
		$this->db->suppress_errors( $was );
		if ( $added ) {
			do_action( self::STORED );
		}
		return $added;
	}

	/**
	 * Claims rows that are due, oldest first. One UPDATE decides, so two workers never get the same row; the rows of
	 * a worker that died come due again by themselves.
	 *
	 * @return array[] Rows with id, claim, payload, submission_key, attempts.
	 */
	public function claim( int $limit ): array {
		$claim   = wp_generate_uuid4();
		$claimed = $this->db->query(
			$this->db->prepare(
				'UPDATE %i SET claim = %s, due_at = %s, attempts = attempts + 1 WHERE state = %s AND due_at <= %s ORDER BY due_at, id LIMIT %d',
				$this->table(),
				$claim,
				self::time( self::LEASE ),
				self::WAITING,
				self::time(),
				$limit
			)
		);
		if ( ! $claimed ) {
			return array();
		}
		return $this->db->get_results(
			$this->db->prepare( 'SELECT id, claim, payload, submission_key, attempts FROM %i WHERE claim = %s ORDER BY id', $this->table(), $claim ),
			ARRAY_A
		);
	}

	/**
	 * The gateway has the row. It comes due once more, to be removed.
	 */
	public function deliver( array $row, string $gateway_id ): void {
		$this->settle(
			$row,
			array(
				'state'        => self::DELIVERED,
				'gateway_id'   => substr( $gateway_id, 0, 64 ),
				'delivered_at' => self::time(),
				'due_at'       => self::time( self::RETENTION ),
			)
		);
	}

	/**
	 * The gateway will never take the row as it is; a person must look at it.
	 */
	public function park( array $row, string $reason ): void {
		$this->settle(
			$row,
			array(
				'state'      => self::PARKED,
				'last_error' => self::reason( $reason ),
			)
		);
	}

	/**
	 * The row comes due again, each time later, and never before $least seconds.
	 */
	public function postpone( array $row, string $reason, int $least = 0 ): void {
		$delay = (int) min( self::LAST_DELAY, self::FIRST_DELAY * 2 ** min( 10, (int) $row['attempts'] - 1 ) );
		$this->settle(
			$row,
			array(
				'last_error' => self::reason( $reason ),
				'due_at'     => self::time( max( $least, $delay + wp_rand( 0, intdiv( $delay, 4 ) ) ) ),
			)
		);
	}

	/**
	 * Gives a claimed row back as if it had not been claimed.
	 */
	public function release( array $row ): void {
		$this->settle(
			$row,
			array(
				'attempts' => (int) $row['attempts'] - 1,
				'due_at'   => self::time(),
			)
		);
	}

	/**
	 * Removes what was delivered a month ago.
	 */
	public function purge(): void {
		$this->db->query( $this->db->prepare( 'DELETE FROM %i WHERE state = %s AND due_at <= %s', $this->table(), self::DELIVERED, self::time() ) );
	}

	/**
	 * Makes a parked or waiting row due now. A row that a worker holds stays his.
	 */
	public function resend( int $id ): bool {
		return 1 === $this->db->query(
			$this->db->prepare(
				"UPDATE %i SET state = %s, due_at = %s, last_error = '' WHERE id = %d AND claim = '' AND state IN (%s, %s)",
				$this->table(),
				self::WAITING,
				self::time(),
				$id,
				self::WAITING,
				self::PARKED
			)
		);
	}

	/**
	 * Makes every row of a state due now.
	 */
	public function resend_all( string $state ): int {
		return (int) $this->db->query(
			$this->db->prepare(
				"UPDATE %i SET state = %s, due_at = %s, last_error = '' WHERE state = %s AND claim = ''",
				$this->table(),
				self::WAITING,
				self::time(),
				$state
			)
		);
	}

	/**
	 * How many rows are in each state.
	 *
	 * @return array<string,int>
	 */
	public function counts(): array {
		$rows   = $this->db->get_results( $this->db->prepare( 'SELECT state, COUNT(*) AS amount FROM %i GROUP BY state', $this->table() ), ARRAY_A );
		$counts = array_map( 'intval', array_column( $rows, 'amount', 'state' ) );
		return $counts + array_fill_keys( array( self::WAITING, self::PARKED, self::DELIVERED ), 0 );
	}

	/**
	 * Rows to look at, newest first, without what people wrote.
	 *
	 * @param string $state One state, or empty for all.
	 */
	public function page( string $state, int $limit, int $offset ): array {
		return $this->db->get_results(
			$this->db->prepare(
				"SELECT id, form_id, state, created_at, due_at, attempts, last_error, delivered_at FROM %i WHERE state = %s OR '' = %s ORDER BY id DESC LIMIT %d OFFSET %d",
				$this->table(),
				$state,
				$state,
				$limit,
				$offset
			),
			ARRAY_A
		);
	}

	/**
	 * Ends a claim, unless another worker has taken the row over meanwhile.
	 */
	private function settle( array $row, array $values ): void {
		$this->db->update(
			$this->table(),
			$values + array( 'claim' => '' ),
			array(
				'id'    => $row['id'],
				'claim' => $row['claim'],
			)
		);
	}

	/**
	 * A reason fit for the admin page: short, and without addresses that the gateway may have quoted.
	 */
	private static function reason( string $reason ): string {
		$reason = preg_replace( '/[^\s"\'<>]+@[^\s"\'<>]+/u', '…@…', wp_check_invalid_utf8( $reason, true ) );
		return mb_substr( wp_encode_emoji( sanitize_text_field( (string) $reason ) ), 0, self::LONGEST_REASON );
	}

	private static function time( int $from_now = 0 ): string {
		return gmdate( 'Y-m-d H:i:s', time() + $from_now );
	}
}
