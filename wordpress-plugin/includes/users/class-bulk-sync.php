<?php
/**
 * The sync of all users.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use wpdb;

/**
 * Goes through the users in steps and puts those who changed into the spool. It keeps its place after each step. So it goes on after a
 * closed tab, a crash or a time-out. Several processes may do it at once: a step that is done twice does no harm.
 */
final class Bulk_Sync {

	public const OPTION = 'gateway_connector_bulk';

	public const RUNNING   = 'running';
	public const PAUSED    = 'paused';
	public const DONE      = 'done';
	public const CANCELLED = 'cancelled';

	/**
	 * Users in one step. No more than these wait in the spool, so that a visitor's submission never waits behind thousands.
	 */
	private const STEP = 100;

	private wpdb $db;

	private Spool $spool;

	private Spool_Records $records;

	public function __construct( wpdb $db, Spool $spool, Spool_Records $records ) {
		$this->db      = $db;
		$this->spool   = $spool;
		$this->records = $records;
	}

	/**
	 * Begins with the first user.
	 */
	public function start(): void {
		$this->save(
			array(
				'state'   => self::RUNNING,
				'cursor'  => 0,
				'total'   => $this->count_users(),
				'passed'  => 0,
				'queued'  => 0,
				'started' => time(),
				'ended'   => 0,
			)
		);
	}

	public function pause(): void {
		$this->switch_state( self::RUNNING, self::PAUSED );
	}

	public function resume(): void {
		$this->switch_state( self::PAUSED, self::RUNNING );
	}

	/**
	 * Goes no further. Those who are in the spool already still go out.
	 */
	public function cancel(): void {
		$this->switch_state( self::RUNNING, self::CANCELLED );
		$this->switch_state( self::PAUSED, self::CANCELLED );
	}

	/**
	 * Where it is: state, cursor, total, passed, queued, started, ended; empty before it was ever started.
	 *
	 * @return array<string,int|string>
	 */
	public function progress(): array {
		return (array) json_decode( $this->raw(), true );
	}

	public function is_running(): bool {
		return self::RUNNING === ( $this->progress()['state'] ?? '' );
	}

	/**
	 * Puts the next users into the spool, unless enough of them wait there.
	 *
	 * @return bool Whether there is more to do at once.
	 */
	public function step(): bool {
		$raw      = $this->raw();
		$progress = (array) json_decode( $raw, true );
		if ( self::RUNNING !== ( $progress['state'] ?? '' ) || $this->records->waiting_users() >= self::STEP ) {
			return false;
		}
		$users = $this->users_after( (int) $progress['cursor'] );
		if ( array() === $users ) {
			$progress['state'] = self::DONE;
			$progress['ended'] = time();
			$this->replace( $raw, $progress );
			return false;
		}
		$progress['queued'] += $this->queue( $users );
		$progress['passed'] += count( $users );
		$progress['cursor']  = end( $users );
		return $this->replace( $raw, $progress ); // Only now, so that a crash before this repeats the step.
	}

	/**
	 * How many users there are to look at.
	 */
	public function count_users(): int {
		return (int) $this->db->get_var(
			$this->db->prepare( "SELECT COUNT(DISTINCT user_id) FROM {$this->db->usermeta} WHERE meta_key IN (%s, %s)", ...$this->keys() )
		);
	}

	/**
	 * Puts users who changed into the spool.
	 *
	 * @param int[] $users The users.
	 */
	private function queue( array $users ): int {
		wp_cache_delete_multiple( $users, 'users' );
		wp_cache_delete_multiple( $users, 'user_meta' );
		cache_users( $users );
		$changes = new User_Changes( User_Sync_Settings::load() );
		$queued  = 0;
		foreach ( $users as $id ) {
			$user = get_userdata( $id );
			if ( $user && array() !== $changes->of( $user ) && $this->spool->add_user( $id ) ) {
				++$queued;
			}
		}
		return $queued;
	}

	/**
	 * This site's users, and former users who were synced.
	 *
	 * @return int[]
	 */
	private function users_after( int $cursor ): array {
		$sql = "SELECT DISTINCT user_id FROM {$this->db->usermeta} WHERE user_id > %d AND meta_key IN (%s, %s) ORDER BY user_id LIMIT %d";
		return array_map(
			'intval',
			$this->db->get_col( $this->db->prepare( $sql, $cursor, ...array_merge( $this->keys(), array( self::STEP ) ) ) )
		);
	}

	/**
	 * The meta that users of this site have.
	 *
	 * @return string[]
	 */
	private function keys(): array {
		return array( $this->db->get_blog_prefix() . 'capabilities', User_Synced::key() );
	}

	private function switch_state( string $from, string $to ): void {
		do {
			$raw      = $this->raw();
			$progress = (array) json_decode( $raw, true );
			if ( ( $progress['state'] ?? '' ) !== $from ) {
				return;
			}
			$progress['state'] = $to;
		} while ( ! $this->replace( $raw, $progress ) ); // A step came in between.
	}

	/**
	 * The progress as it is kept, past all caches.
	 */
	private function raw(): string {
		return (string) $this->db->get_var(
			$this->db->prepare( "SELECT option_value FROM {$this->db->options} WHERE option_name = %s", self::OPTION )
		);
	}

	private function save( array $progress ): void {
		update_option( self::OPTION, wp_json_encode( $progress ), false );
	}

	/**
	 * Replaces the progress, if nobody else has meanwhile.
	 */
	private function replace( string $raw, array $progress ): bool {
		$replaced = $this->db->query(
			$this->db->prepare(
				"UPDATE {$this->db->options} SET option_value = %s WHERE option_name = %s AND option_value = %s",
				wp_json_encode( $progress ),
				self::OPTION,
				$raw
			)
		);
		wp_cache_delete( self::OPTION, 'options' );
		return 1 === $replaced;
	}
}
