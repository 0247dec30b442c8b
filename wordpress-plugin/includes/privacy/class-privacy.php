<?php
/**
 * WordPress' tools for personal data.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Lets "Tools › Export Personal Data" and "Erase Personal Data" reach the submissions kept on this site.
 */
final class Privacy {

	private const CHUNK = 50;
	private const ID    = 'gateway-connector';

	private Settings $settings;

	private Spool_Records $records;

	public function __construct( Settings $settings, Spool_Records $records ) {
		$this->settings = $settings;
		$this->records  = $records;
	}

	public function register(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add_eraser' ) );
		add_action( 'admin_init', array( $this, 'suggest_policy' ) );
	}

	public function add_exporter( array $exporters ): array {
		$exporters[ self::ID ] = array(
			'exporter_friendly_name' => __( 'Gateway submissions', 'gateway-connector' ),
			'callback'               => array( $this, 'export' ),
		);
		return $exporters;
	}

	public function add_eraser( array $erasers ): array {
		$erasers[ self::ID ] = array(
			'eraser_friendly_name' => __( 'Gateway submissions', 'gateway-connector' ),
			'callback'             => array( $this, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * What the owner may say in the site's privacy policy.
	 */
	public function suggest_policy(): void {
		$days = intdiv( $this->settings->retention(), DAY_IN_SECONDS );
		$text = __(
			'What you send through our forms is kept here with your IP address and sent to our gateway server.',
			'gateway-connector'
		);
		/* translators: %d: number of days */
		$text .= ' ' . sprintf( __( 'It is removed here %d days later.', 'gateway-connector' ), $days );
		wp_add_privacy_policy_content( 'Gateway Connector', wpautop( $text, false ) );
	}

	/**
	 * One page of what is kept about a person.
	 *
	 * @param string $email The person's address.
	 * @param int    $page  Counts from 1.
	 */
	public function export( $email, $page = 1 ): array {
		$items = array();
		$after = 0;
		foreach ( range( 1, max( 1, (int) $page ) ) as $ignored ) {
			$rows  = $this->records->rows_of( (string) $email, $after, self::CHUNK );
			$after = array() === $rows ? $after : (int) end( $rows )['id'];
		}
		foreach ( self::about( $rows, (string) $email ) as $row ) {
			$items[] = array(
				'group_id'    => self::ID,
				'group_label' => __( 'Form submissions', 'gateway-connector' ),
				'item_id'     => 'gateway-submission-' . $row['id'],
				'data'        => self::describe( $row ),
			);
		}
		return array(
			'data' => $items,
			'done' => count( $rows ) < self::CHUNK,
		);
	}

	/**
	 * Removes what is kept about a person, even what was not sent yet: a person who wants erasure does not want it sent.
	 *
	 * @param string $email The person's address.
	 */
	public function erase( $email ): array {
		$after     = 0;
		$found     = 0;
		$delivered = false;
		$this->records->is_storage_whole(); // What is kept elsewhere goes back into the table, if it can.
		$removed = $this->records->erase_kept( static fn( array $row ) => array() !== self::about( array( $row ), (string) $email ) );
		$found  += $removed;
		do {
			$rows     = $this->records->rows_of( (string) $email, $after, self::CHUNK );
			$after    = array() === $rows ? $after : (int) end( $rows )['id'];
			$about    = self::about( $rows, (string) $email );
			$found   += count( $about );
			$removed += $this->records->erase( array_map( 'intval', array_column( $about, 'id' ) ) );

			$delivered = $delivered || in_array( Spool::DELIVERED, array_column( $about, 'state' ), true );
			$was_full  = count( $rows ) === self::CHUNK;
		} while ( $was_full );

		$messages = array();
		if ( $delivered ) {
			$messages[] = __( 'The gateway has these submissions too. Erase the person there as well.', 'gateway-connector' );
		}
		if ( $removed < $found ) {
			$messages[] = __( 'A submission is being sent right now. Erase again in a few minutes.', 'gateway-connector' );
		}
		return array(
			'items_removed'  => $removed > 0,
			'items_retained' => $removed < $found,
			'messages'       => $messages,
			'done'           => true,
		);
	}

	/**
	 * Keeps only the rows in which a field is exactly this address: they came from that person.
	 */
	private static function about( array $rows, string $email ): array {
		return array_filter(
			$rows,
			static function ( array $row ) use ( $email ): bool {
				$submission = (array) json_decode( $row['payload'], true );
				foreach ( (array) ( $submission['fields'] ?? array() ) as $value ) {
					if ( in_array( mb_strtolower( $email ), array_map( 'mb_strtolower', array_map( 'strval', (array) $value ) ), true ) ) {
						return true;
					}
				}
				return false;
			}
		);
	}

	/**
	 * A row as names and values.
	 */
	private static function describe( array $row ): array {
		$submission = (array) json_decode( $row['payload'], true );
		$values     = array(
			__( 'Received (UTC)', 'gateway-connector' ) => $row['created_at'],
			__( 'Form', 'gateway-connector' )           => $submission['form']['title'] ?? '',
			__( 'Page', 'gateway-connector' )           => $submission['form']['url'] ?? '',
			__( 'IP address', 'gateway-connector' )     => $submission['visitor']['ip'] ?? '',
			__( 'Browser', 'gateway-connector' )        => $submission['visitor']['userAgent'] ?? '',
			__( 'Agreed to', 'gateway-connector' )      => self::agreed_to( $submission ),
		);
		foreach ( (array) ( $submission['fields'] ?? array() ) as $name => $value ) {
			$values[ $name ] = implode( ', ', (array) $value );
		}
		$data = array();
		foreach ( array_filter( $values, 'strlen' ) as $name => $value ) {
			$data[] = array(
				'name'  => (string) $name,
				'value' => esc_html( (string) $value ),
			);
		}
		return $data;
	}

	private static function agreed_to( array $submission ): string {
		$texts = array();
		foreach ( (array) ( $submission['subscribe'] ?? array() ) as $subscription ) {
			if ( ! empty( $subscription['consent']['given'] ) ) {
				$texts[] = $subscription['consent']['text'] ?? '';
			}
		}
		return implode( ' ', $texts );
	}
}
