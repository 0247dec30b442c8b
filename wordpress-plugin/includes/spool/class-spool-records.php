<?php
/**
 * What people see of the spool.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use wpdb;

/**
 * Reads the spool for the admin pages, and changes rows when a person asks.
 */
final class Spool_Records {

	/**
	 * The admin page that shows the rows.
	 */
	public const PAGE = 'gateway-connector-spool';

	/**
	 * No worker holds the row, or the one that did has died.
	 */
	private const FREE = "(claim = '' OR due_at <= %s)";

	private wpdb $db;

	private Spool $spool;

	public function __construct( wpdb $db, Spool $spool ) {
		$this->db    = $db;
		$this->spool = $spool;
	}

	/**
	 * The address of the admin page.
	 */
	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::PAGE );
	}

	/**
	 * Whether rows can be kept as they should. Tries to repair what is broken, and takes back what was kept elsewhere meanwhile.
	 */
	public function is_storage_whole(): bool {
		$schema = $this->spool->schema();
		if ( ! $schema->is_whole() && ! $schema->repair() ) {
			return false;
		}
		$this->spool->take_back();
		return 0 === $this->spool->reserve()->count();
	}

	/**
	 * Removes rows that are kept elsewhere because the table did not take them.
	 *
	 * @param callable $is_meant Gets a row, says whether it goes.
	 */
	public function erase_kept( callable $is_meant ): int {
		return $this->spool->reserve()->remove( $is_meant );
	}

	/**
	 * How many rows are in each state.
	 *
	 * @return array<string,int>
	 */
	public function counts(): array {
		$rows   = (array) $this->db->get_results(
			$this->db->prepare( 'SELECT state, COUNT(*) AS amount FROM %i GROUP BY state', $this->spool->table() ),
			ARRAY_A
		);
		$counts = array_map( 'intval', array_column( $rows, 'amount', 'state' ) );
		return $counts + array_fill_keys( array( Spool::WAITING, Spool::REJECTED, Spool::DELIVERED ), 0 );
	}

	/**
	 * How many users wait to be sent.
	 */
	public function waiting_users(): int {
		return (int) $this->db->get_var(
			$this->db->prepare( 'SELECT COUNT(*) FROM %i WHERE user_id > 0 AND state = %s', $this->spool->table(), Spool::WAITING )
		);
	}

	/**
	 * Users whom the gateway did not accept, the last first.
	 */
	public function failed_users( int $limit ): array {
		return $this->db->get_results(
			$this->db->prepare(
				"SELECT id, user_id, state, last_error FROM %i WHERE user_id > 0 AND last_error <> '' ORDER BY id DESC LIMIT %d",
				$this->spool->table(),
				$limit
			),
			ARRAY_A
		);
	}

	/**
	 * Makes every rejected user due now.
	 */
	public function resend_users(): int {
		return $this->change(
			"UPDATE %i SET claim = '', state = 'waiting', due_at = %s, last_error = '' WHERE state = 'rejected' AND user_id > 0",
			array( Spool::time() ),
			null
		);
	}

	/**
	 * When the oldest row of a state came in; null if there is none.
	 */
	public function oldest( string $state ): ?int {
		return self::timestamp(
			$this->db->get_var(
				$this->db->prepare( 'SELECT created_at FROM %i WHERE state = %s ORDER BY id LIMIT 1', $this->spool->table(), $state )
			)
		);
	}

	/**
	 * Whether a row should have been sent that long ago, which means that nothing calls the sender.
	 */
	public function is_overdue( int $seconds ): bool {
		return null !== $this->db->get_var(
			$this->db->prepare(
				'SELECT id FROM %i WHERE state = %s AND due_at <= %s LIMIT 1',
				$this->spool->table(),
				Spool::WAITING,
				Spool::time( -$seconds )
			)
		);
	}

	/**
	 * When the last row was delivered; null if none is kept.
	 */
	public function last_delivery(): ?int {
		return self::timestamp(
			$this->db->get_var(
				$this->db->prepare(
					'SELECT due_at FROM %i WHERE state = %s ORDER BY due_at DESC LIMIT 1',
					$this->spool->table(),
					Spool::DELIVERED
				)
			)
		);
	}

	/**
	 * The problem of the newest row of these states that has one; empty if none has.
	 */
	public function last_error( string $state, string $other = '' ): string {
		return (string) $this->db->get_var(
			$this->db->prepare(
				"SELECT last_error FROM %i WHERE state IN (%s, %s) AND last_error <> '' ORDER BY id DESC LIMIT 1",
				$this->spool->table(),
				$state,
				$other
			)
		);
	}

	/**
	 * Rows to look at, newest first, without what people wrote. Each has the form it came from, by id and title.
	 *
	 * @param string $state One state, or empty for all.
	 */
	public function page( string $state, int $limit, int $offset ): array {
		$rows = $this->db->get_results(
			$this->db->prepare(
				"SELECT id, form_id, user_id, state, created_at, due_at, attempts, last_error, delivered_at,
					CASE WHEN form_id = 0 THEN payload ELSE '' END AS payload
				FROM %i WHERE state = %s OR '' = %s ORDER BY id DESC LIMIT %d OFFSET %d",
				$this->spool->table(),
				$state,
				$state,
				$limit,
				$offset
			),
			ARRAY_A
		);
		return array_map( array( self::class, 'with_form' ), $rows );
	}

	/**
	 * Names the form of a row. Rows from elsewhere name their source themselves.
	 */
	private static function with_form( array $row ): array {
		$form = (array) ( json_decode( $row['payload'], true )['form'] ?? array() );
		unset( $row['payload'] );
		$row['form']  = (string) ( $form['id'] ?? $row['form_id'] );
		$row['title'] = (string) ( $form['title'] ?? '' );
		return $row;
	}

	/**
	 * Whole rows, oldest first.
	 *
	 * @param string $state One state, or empty for all.
	 * @param int    $after The last row's id; 0 to begin.
	 */
	public function rows( string $state, int $after, int $limit ): array {
		return $this->db->get_results(
			$this->db->prepare(
				"SELECT * FROM %i WHERE id > %d AND (state = %s OR '' = %s) ORDER BY id LIMIT %d",
				$this->spool->table(),
				$after,
				$state,
				$state,
				$limit
			),
			ARRAY_A
		);
	}

	/**
	 * Whole rows in which a field holds exactly this email address, oldest first.
	 *
	 * @param int $after The last row's id; 0 to begin.
	 */
	public function rows_of( string $email, int $after, int $limit ): array {
		$json = '%' . $this->db->esc_like( (string) wp_json_encode( $email, JSON_UNESCAPED_SLASHES ) ) . '%';
		return $this->db->get_results(
			$this->db->prepare(
				'SELECT * FROM %i WHERE id > %d AND payload LIKE %s ORDER BY id LIMIT %d',
				$this->spool->table(),
				$after,
				$json,
				$limit
			),
			ARRAY_A
		);
	}

	/**
	 * Makes rejected or waiting rows due now. A row that a worker holds does not change.
	 *
	 * @param int[] $ids The rows.
	 */
	public function resend( array $ids ): int {
		return $this->change(
			"UPDATE %i SET claim = '', state = 'waiting', due_at = %s, last_error = '' WHERE state IN ('waiting', 'rejected')",
			array( Spool::time() ),
			$ids
		);
	}

	/**
	 * Makes every row of a state due now.
	 */
	public function resend_all( string $state ): int {
		return (int) $this->db->query(
			$this->db->prepare(
				"UPDATE %i SET claim = '', state = %s, due_at = %s, last_error = '' WHERE state = %s AND state <> %s AND " . self::FREE,
				$this->spool->table(),
				Spool::WAITING,
				Spool::time(),
				$state,
				Spool::DELIVERED,
				Spool::time()
			)
		);
	}

	/**
	 * Removes rejected rows that a person does not want any more.
	 *
	 * @param int[] $ids The rows.
	 */
	public function discard( array $ids ): int {
		return $this->change( "DELETE FROM %i WHERE state = 'rejected'", array(), $ids );
	}

	/**
	 * Removes everything that was not delivered, because it belongs to another site.
	 */
	public function discard_open(): void {
		$this->db->query(
			$this->db->prepare( 'DELETE FROM %i WHERE state IN (%s, %s)', $this->spool->table(), Spool::WAITING, Spool::REJECTED )
		);
	}

	/**
	 * Removes rows in any state, but not while a worker sends them.
	 *
	 * @param int[] $ids The rows.
	 */
	public function erase( array $ids ): int {
		return $this->change( 'DELETE FROM %i WHERE id > 0', array(), $ids );
	}

	/**
	 * Changes rows that no worker holds.
	 *
	 * @param string     $sql    The statement up to its last condition.
	 * @param array      $values For its placeholders.
	 * @param int[]|null $ids The rows; null for all.
	 */
	private function change( string $sql, array $values, ?array $ids ): int {
		if ( array() === $ids ) {
			return 0;
		}
		$sql     .= ' AND ' . self::FREE;
		$values[] = Spool::time();
		if ( null !== $ids ) {
			$sql   .= ' AND id IN (' . implode( ', ', array_fill( 0, count( $ids ), '%d' ) ) . ')';
			$values = array_merge( $values, $ids );
		}
		return (int) $this->db->query( $this->db->prepare( $sql, $this->spool->table(), ...$values ) );
	}

	private static function timestamp( ?string $utc ): ?int {
		return null === $utc ? null : (int) strtotime( $utc . ' UTC' );
	}
}
