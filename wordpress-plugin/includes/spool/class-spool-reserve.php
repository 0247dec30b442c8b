<?php
/**
 * The place for submissions while the table cannot be had.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use wpdb;
use WP_Filesystem_Direct;

/**
 * Keeps rows that the table did not take, each as an option of its own, or, when WordPress' own table takes nothing either, as a file.
 * They go back into the spool as soon as it takes them.
 */
final class Spool_Reserve {

	private const OPTION = 'gateway_connector_kept_';
	private const LIMIT  = 100;

	/**
	 * The first line of a file. A server that gives the file to somebody runs it, and it says nothing.
	 */
	private const GUARD = "<?php exit; ?>\n";

	private wpdb $db;

	public function __construct( wpdb $db ) {
		$this->db = $db;
	}

	/**
	 * Keeps a row.
	 *
	 * @param array<string,mixed> $row The row, as for the table.
	 */
	public function keep( array $row ): bool {
		$text = (string) wp_json_encode( $row );
		$was  = $this->db->suppress_errors( true );
		$kept = add_option( self::OPTION . $row['submission_key'], $text, '', false );
		$this->db->suppress_errors( $was );
		return $kept || $this->write( $row['submission_key'], $text );
	}

	/**
	 * How many rows are kept here.
	 */
	public function count(): int {
		return count( $this->option_names() ) + count( $this->files() );
	}

	/**
	 * Gives rows back to the table, and forgets those that it took.
	 *
	 * @param callable $take Takes a row; says whether the table has it now.
	 */
	public function give_back( callable $take ): void {
		foreach ( $this->option_names() as $name ) {
			if ( $take( (array) json_decode( (string) get_option( $name ), true ) ) ) {
				delete_option( $name );
			}
		}
		foreach ( $this->files() as $file ) {
			$text = substr( (string) self::disk()->get_contents( $file ), strlen( self::GUARD ) );
			if ( $take( (array) json_decode( $text, true ) ) ) {
				wp_delete_file( $file );
			}
		}
	}

	/**
	 * Removes the rows for which a test is true; all of them without one.
	 *
	 * @param callable|null $is_meant Gets the row.
	 * @return int How many.
	 */
	public function remove( ?callable $is_meant = null ): int {
		$removed = 0;
		$this->give_back(
			static function ( array $row ) use ( $is_meant, &$removed ): bool {
				$goes     = ! $is_meant || $is_meant( $row );
				$removed += (int) $goes;
				return $goes;
			}
		);
		return $removed;
	}

	/**
	 * Names of the options, oldest first.
	 *
	 * @return string[]
	 */
	private function option_names(): array {
		return $this->db->get_col(
			$this->db->prepare(
				'SELECT option_name FROM %i WHERE option_name LIKE %s ORDER BY option_id LIMIT %d',
				$this->db->options,
				$this->db->esc_like( self::OPTION ) . '%',
				self::LIMIT
			)
		);
	}

	/**
	 * The files, in no order.
	 *
	 * @return string[]
	 */
	private function files(): array {
		$files = is_dir( self::folder() ) ? (array) glob( self::folder() . '/kept-*.php' ) : array();
		return array_slice( $files, 0, self::LIMIT );
	}

	private function write( string $key, string $text ): bool {
		return wp_mkdir_p( self::folder() )
			&& self::disk()->put_contents( self::folder() . '/index.php', self::GUARD, 0600 )
			&& self::disk()->put_contents( self::folder() . "/kept-{$key}.php", self::GUARD . $text, 0600 );
	}

	/**
	 * A folder of this site that nobody can guess, since nothing else keeps its files from visitors.
	 */
	private static function folder(): string {
		$name = sprintf( 'gateway-connector-%d-%s', get_current_blog_id(), substr( wp_hash( 'gateway-connector-reserve' ), 0, 20 ) );
		/**
		 * The folder for submissions that the database does not take.
		 *
		 * @param string $folder A folder below wp-content.
		 */
		return (string) apply_filters( 'gateway_connector_reserve_folder', WP_CONTENT_DIR . '/' . $name );
	}

	/**
	 * The disk. WordPress' other ways to files (FTP) need a person's password.
	 */
	private static function disk(): WP_Filesystem_Direct {
		require_once ABSPATH . 'wp-admin/includes/class-wp-filesystem-base.php';
		require_once ABSPATH . 'wp-admin/includes/class-wp-filesystem-direct.php';
		return new WP_Filesystem_Direct( null );
	}
}
