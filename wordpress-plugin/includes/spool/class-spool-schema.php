<?php
/**
 * The table of the spool.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use wpdb;

/**
 * Makes the table, and makes it again when it is gone, lacks a column or is broken.
 */
final class Spool_Schema {

	/**
	 * Counts the changes of the table.
	 */
	public const VERSION = 2;

	/**
	 * When a missing table had to be made again: what waited in it is gone, and its owner must know.
	 */
	public const LOST = 'gateway_connector_table_lost';

	private wpdb $db;

	private string $table;

	public function __construct( wpdb $db, string $table ) {
		$this->db    = $db;
		$this->table = $table;
	}

	/**
	 * Creates the table, or adds what it lacks.
	 */
	public function create(): void {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			"CREATE TABLE {$this->table} (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			submission_key char(36) NOT NULL,
			form_id bigint(20) unsigned NOT NULL,
			user_id bigint(20) unsigned NOT NULL DEFAULT 0,
			payload longtext NOT NULL,
			state varchar(10) NOT NULL,
			due_at datetime NOT NULL,
			attempts int(10) unsigned NOT NULL DEFAULT 0,
			claim char(36) NOT NULL DEFAULT '',
			gateway_id varchar(64) NOT NULL DEFAULT '',
			last_error varchar(255) NOT NULL DEFAULT '',
			created_at datetime NOT NULL,
			delivered_at datetime DEFAULT NULL,
			PRIMARY KEY  (id),
			UNIQUE KEY submission_key (submission_key),
			KEY due (state,due_at),
			KEY age (state,id),
			KEY user (user_id,state),
			KEY claim (claim)
			) {$this->db->get_charset_collate()};"
		);
	}

	/**
	 * Whether the table can be read and has all its columns.
	 */
	public function is_whole(): bool {
		return $this->quietly(
			fn() => false !== $this->db->query(
				$this->db->prepare(
					'SELECT id, submission_key, form_id, user_id, payload, state, due_at, attempts, claim, gateway_id, last_error,
						created_at, delivered_at FROM %i LIMIT 1',
					$this->table
				)
			)
		);
	}

	/**
	 * Makes the table usable again. It is called only when a statement failed.
	 *
	 * @return bool Whether it is usable now.
	 */
	public function repair(): bool {
		return $this->quietly(
			function (): bool {
				$find      = $this->db->prepare( 'SHOW TABLES LIKE %s', $this->db->esc_like( $this->table ) );
				$was_there = null !== $this->db->get_var( $find );
				$this->create();
				$is_whole = $this->is_whole();
				if ( ! $was_there && $is_whole ) {
					update_option( self::LOST, time() );
				}
				return $is_whole;
			}
		);
	}

	/**
	 * Does something that may fail, without a word of it in the visitor's page.
	 */
	private function quietly( callable $act ): bool {
		$was = $this->db->suppress_errors( true );
		try {
			return (bool) $act();
		} finally {
			$this->db->suppress_errors( $was );
		}
	}
}
