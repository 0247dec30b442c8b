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
 * Keeps every submission until the gateway has received it. A row is removed only after its delivery, when the retention time is
 * over. No row is dropped because of its age or of the number of rows. A row about a user is removed as soon as it is delivered.
 */
final class Spool {

	public const WAITING   = 'waiting';
	public const DELIVERED = 'delivered';
	public const REJECTED  = 'rejected';

	/**
	 * Fired after a submission was stored.
	 */
	public const STORED = 'gateway_connector_stored';

	/**
	 * How long a worker may hold its rows. It must be longer than its last requests to the gateway take.
	 */
	private const LEASE       = 2 * MINUTE_IN_SECONDS;
	private const FIRST_DELAY = MINUTE_IN_SECONDS;
	private const MAX_DELAY   = 48 * MINUTE_IN_SECONDS; // An hour with jitter.
	private const MAX_REASON  = 255;

	/**
	 * The payload of a row about a user who still exists.
	 */
	private const LOOK_UP = '{}';

	private wpdb $db;

	private Spool_Reserve $reserve;

	public function __construct( wpdb $db ) {
		$this->db      = $db;
		$this->reserve = new Spool_Reserve( $db );
	}

	public function table(): string {
		return $this->db->prefix . 'gateway_connector_spool';
	}

	public function schema(): Spool_Schema {
		return new Spool_Schema( $this->db, $this->table() );
	}

	/**
	 * What the table could not take.
	 */
	public function reserve(): Spool_Reserve {
		return $this->reserve;
	}

	/**
	 * Takes back what was kept elsewhere while the table could not be had.
	 */
	public function take_back(): void {
		// Whoever died between the two statements left a row in both places.
		$this->reserve->give_back(
			fn( array $row ): bool => array() === $row || $this->insert( $row ) || $this->has( $row['submission_key'] )
		);
	}

	/**
	 * Takes in a submission. Returns false when it could be kept nowhere, and prints nothing into the visitor's page.
	 *
	 * @param int   $form_id    The form; 0 when the submission comes from none.
	 * @param array $submission The submission, without its key.
	 */
	public function add( int $form_id, array $submission ): bool {
		$key = wp_generate_uuid4();
		// ASCII, so that emoji fit tables of any charset.
		$payload = wp_json_encode( array( 'key' => $key ) + $submission, JSON_UNESCAPED_SLASHES );
		$row     = array(
			'submission_key' => $key,
			'form_id'        => $form_id,
			'payload'        => $payload,
			'state'          => self::WAITING,
			'due_at'         => self::time(),
			'created_at'     => self::time(),
		);
		$added   = false !== $payload && ( $this->insert( $row ) || $this->reserve->keep( $row ) );
		if ( $added ) {
			do_action( self::STORED );
		}
		return $added;
	}

	/**
	 * Notes that a user changed. A row of the same user that waits or was rejected is used again, because what to send
	 * is looked up when the row goes out.
	 *
	 * @param array $removed Lists by address to remove a deleted user from; empty for a user who stays.
	 */
	public function add_user( int $user_id, array $removed = array() ): bool {
		if ( array() === $removed && $this->wake_user( $user_id ) ) {
			return true;
		}
		$row   = array(
			'submission_key' => wp_generate_uuid4(),
			'form_id'        => 0,
			'user_id'        => $user_id,
			'payload'        => array() === $removed
				? self::LOOK_UP
				: wp_json_encode( array( 'removed' => $removed ), JSON_UNESCAPED_SLASHES ),
			'state'          => self::WAITING,
			'due_at'         => self::time(),
			'created_at'     => self::time(),
		);
		$added = $this->insert( $row ) || $this->reserve->keep( $row );
		if ( $added ) {
			do_action( self::STORED );
		}
		return $added;
	}

	/**
	 * Claims the oldest rows that are due, as many as fit into the size, at least one.
	 *
	 * One UPDATE decides, and it takes nothing while another worker holds rows: so each row goes out once, and the
	 * order is kept. Of two workers at the same moment, MySQL ends one with a deadlock, which then has nothing to do.
	 * The rows of a worker that died come due again by themselves.
	 *
	 * @return array[] Rows with id, claim, payload, submission_key, user_id, attempts.
	 */
	public function claim( int $limit, int $bytes = PHP_INT_MAX ): array {
		$claim   = wp_generate_uuid4();
		$was     = $this->db->suppress_errors( true );
		$claimed = $this->db->query(
			$this->db->prepare(
				// The LIMIT inside makes MySQL read the table before it changes it.
				"UPDATE %i SET claim = %s, due_at = %s, attempts = attempts + 1
				WHERE state = %s AND due_at <= %s
					AND NOT EXISTS (SELECT 1 FROM (SELECT id FROM %i WHERE claim > '' AND due_at > %s LIMIT 1) AS held)
				ORDER BY id LIMIT %d",
				$this->table(),
				$claim,
				self::time( self::LEASE ),
				self::WAITING,
				self::time(),
				$this->table(),
				self::time(),
				$limit
			)
		);
		$this->db->suppress_errors( $was );
		if ( false === $claimed ) {
			$this->mend(); // The next run claims.
		}
		return $claimed ? $this->load( $claim, $bytes ) : array();
	}

	/**
	 * The gateway has the row. From now on its due time says when it was delivered, so that one index finds the oldest.
	 */
	public function deliver( array $row, string $gateway_id ): void {
		if ( (int) $row['user_id'] > 0 ) {
			$this->retry( fn() => $this->db->delete( $this->table(), self::mine( $row ) ) );
			return;
		}
		$this->record_outcome(
			$row,
			array(
				'state'        => self::DELIVERED,
				'gateway_id'   => substr( $gateway_id, 0, 64 ),
				'last_error'   => '',
				'delivered_at' => self::time(),
				'due_at'       => self::time(),
			)
		);
	}

	/**
	 * The gateway will never take the row as it is; a person must look at it.
	 */
	public function reject( array $row, string $reason ): void {
		$this->record_outcome(
			$row,
			array(
				'state'      => self::REJECTED,
				'last_error' => self::reason( $reason ),
			)
		);
	}

	/**
	 * The row comes due again, each time later.
	 */
	public function postpone( array $row, string $reason ): void {
		$this->postpone_all( array( $row ), $reason, self::delay( (int) $row['attempts'] ) );
	}

	/**
	 * Rows that were claimed together come due together.
	 */
	public function postpone_all( array $rows, string $reason, int $seconds ): void {
		$this->give_back( $rows, 'last_error = %s, due_at = %s', self::reason( $reason ), self::time( $seconds ) );
	}

	/**
	 * Gives claimed rows back as if they had not been claimed.
	 */
	public function release( array $rows ): void {
		$this->give_back( $rows, 'attempts = attempts - 1, due_at = %s', self::time() );
	}

	/**
	 * Seconds until the next attempt: growing, and a little random, so that many sites do not come back at once.
	 */
	public static function delay( int $attempts ): int {
		$delay = (int) min( self::MAX_DELAY, self::FIRST_DELAY * 2 ** min( 10, max( 0, $attempts - 1 ) ) );
		return $delay + wp_rand( 0, intdiv( $delay, 4 ) );
	}

	/**
	 * Removes what was delivered that long ago.
	 */
	public function purge( int $retention ): void {
		$this->db->query(
			$this->db->prepare(
				'DELETE FROM %i WHERE state = %s AND due_at <= %s',
				$this->table(),
				self::DELIVERED,
				self::time( -$retention )
			)
		);
	}

	/**
	 * A time as the table has it.
	 */
	public static function time( int $from_now = 0 ): string {
		return gmdate( 'Y-m-d H:i:s', time() + $from_now );
	}

	private function insert( array $row ): bool {
		return 1 === $this->retry( fn() => $this->db->insert( $this->table(), $row ) );
	}

	/**
	 * Repairs the table if it is broken.
	 *
	 * @return bool Whether it was, and is not any more.
	 */
	private function mend(): bool {
		return ! $this->schema()->is_whole() && $this->schema()->repair();
	}

	private function has( string $key ): bool {
		$was = $this->db->suppress_errors( true );
		$id  = $this->db->get_var( $this->db->prepare( 'SELECT id FROM %i WHERE submission_key = %s', $this->table(), $key ) );
		$this->db->suppress_errors( $was );
		return null !== $id;
	}

	/**
	 * Reads claimed rows, and gives back what is too much: a few huge submissions must not exhaust the memory.
	 */
	private function load( string $claim, int $bytes ): array {
		$rows = $this->db->get_results(
			$this->db->prepare(
				'SELECT id, claim, submission_key, user_id, attempts, LENGTH(payload) AS size FROM %i WHERE claim = %s ORDER BY id',
				$this->table(),
				$claim
			),
			ARRAY_A
		);
		$fits = 0;
		foreach ( $rows as $row ) {
			$bytes -= (int) $row['size'];
			$fits  += 0 === $fits || $bytes >= 0 ? 1 : 0;
		}
		$this->release( array_splice( $rows, $fits ) );
		$payloads = $this->db->get_results(
			$this->db->prepare( 'SELECT id, payload FROM %i WHERE claim = %s', $this->table(), $claim ),
			ARRAY_A
		);
		$payloads = array_column( $payloads, 'payload', 'id' );
		$this->db->flush();
		foreach ( $rows as &$row ) {
			$row['payload'] = $payloads[ $row['id'] ];
		}
		return $rows;
	}

	/**
	 * Ends a claim, unless another worker has taken the row over meanwhile.
	 */
	private function record_outcome( array $row, array $values ): void {
		$this->retry( fn() => $this->db->update( $this->table(), $values + array( 'claim' => '' ), self::mine( $row ) ) );
	}

	/**
	 * The row, as long as no other worker has taken it over.
	 */
	private static function mine( array $row ): array {
		return array(
			'id'    => $row['id'],
			'claim' => $row['claim'],
		);
	}

	/**
	 * Makes a user's last row due, if no worker holds it and it removes nothing. The next worker sees the user's
	 * newest state.
	 *
	 * @return bool Whether there is one.
	 */
	private function wake_user( int $user_id ): bool {
		$last = $this->db->get_row(
			$this->db->prepare( 'SELECT id, claim, payload FROM %i WHERE user_id = %d ORDER BY id DESC LIMIT 1', $this->table(), $user_id )
		);
		if ( null === $last || '' !== $last->claim || self::LOOK_UP !== $last->payload ) {
			return false;
		}
		$sql = $this->db->prepare(
			"UPDATE %i SET state = %s, due_at = %s, last_error = '' WHERE id = %d AND claim = ''",
			$this->table(),
			self::WAITING,
			self::time(),
			$last->id
		);
		$this->retry( fn() => $this->db->query( $sql ) );
		return true;
	}

	/**
	 * Ends the claim of rows that one UPDATE claimed.
	 *
	 * @param array[] $rows      The rows.
	 * @param string  $set       What changes, with placeholders.
	 * @param mixed   ...$values The values for the placeholders.
	 */
	private function give_back( array $rows, string $set, ...$values ): void {
		if ( array() === $rows ) {
			return;
		}
		$ids  = array_column( $rows, 'id' );
		$many = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
		$sql  = $this->db->prepare(
			"UPDATE %i SET claim = '', {$set} WHERE claim = %s AND id IN ({$many})",
			$this->table(),
			...array_merge( $values, array( $rows[0]['claim'] ), $ids )
		);
		$this->retry( fn() => $this->db->query( $sql ) );
	}

	/**
	 * Writes, and tries again when the database refuses: of two statements that wait for each other's locks, MySQL ends one. A table that
	 * is broken is repaired first.
	 *
	 * @param callable $write Says false when the database refuses.
	 * @return int|false
	 */
	private function retry( callable $write ) {
		$was     = $this->db->suppress_errors( true );
		$written = false;
		for ( $attempt = 1; false === $written && $attempt <= 3; $attempt++ ) {
			$written = $write();
		}
		if ( false === $written && $this->mend() ) {
			$written = $write();
		}
		$this->db->suppress_errors( $was );
		return $written;
	}

	/**
	 * A reason for the admin page: short, and without addresses that the gateway may have quoted.
	 */
	private static function reason( string $reason ): string {
		$reason = preg_replace( '/[^\s"\'<>]+@[^\s"\'<>]+/u', '…@…', wp_check_invalid_utf8( $reason, true ) );
		return mb_substr( wp_encode_emoji( sanitize_text_field( (string) $reason ) ), 0, self::MAX_REASON );
	}
}
