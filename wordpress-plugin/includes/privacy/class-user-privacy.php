<?php
/**
 * WordPress' tools for personal data, for users.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_User;

/**
 * Lets "Tools › Export Personal Data" and "Erase Personal Data" reach what is kept with users: what they agreed to, and what
 * was synced to the gateway.
 */
final class User_Privacy {

	private const ID = 'gateway-connector-users';

	private Spool $spool;

	public function __construct( Spool $spool ) {
		$this->spool = $spool;
	}

	public function register(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add_eraser' ) );
		add_action( 'admin_init', array( $this, 'suggest_policy' ) );
	}

	public function add_exporter( array $exporters ): array {
		$exporters[ self::ID ] = array(
			'exporter_friendly_name' => __( 'Mailing lists of users', 'gateway-connector' ),
			'callback'               => array( $this, 'export' ),
		);
		return $exporters;
	}

	public function add_eraser( array $erasers ): array {
		$erasers[ self::ID ] = array(
			'eraser_friendly_name' => __( 'Mailing lists of users', 'gateway-connector' ),
			'callback'             => array( $this, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * What the owner may say in the site's privacy policy, while users are sent.
	 */
	public function suggest_policy(): void {
		if ( User_Sync_Settings::load()->is_active() ) {
			$text = __(
				'If you have an account here and agreed to it, our gateway server keeps you on our mailing lists.',
				'gateway-connector'
			)
				. ' ' . __( 'It gets your email address, name, language and parts of your profile.', 'gateway-connector' );
			wp_add_privacy_policy_content( 'Gateway Connector', wpautop( $text, false ) );
		}
	}

	/**
	 * What is kept about a person.
	 *
	 * @param string $email The person's address.
	 */
	public function export( $email ): array {
		$user = get_user_by( 'email', (string) $email );
		$data = $user ? self::describe( $user ) : array();
		$item = array(
			'group_id'    => self::ID,
			'group_label' => __( 'Mailing lists', 'gateway-connector' ),
			'item_id'     => 'gateway-user-' . ( $user ? $user->ID : 0 ),
			'data'        => $data,
		);
		return array(
			'data' => array() === $data ? array() : array( $item ),
			'done' => true,
		);
	}

	/**
	 * Takes a person off the lists, forgets what they agreed to, and remembers only that they want nothing to be sent.
	 *
	 * @param string $email The person's address.
	 */
	public function erase( $email ): array {
		$user        = get_user_by( 'email', (string) $email );
		$known       = $user && ( array() !== User_Synced::lists_of( $user->ID ) || array() !== User_Consent::given_by( $user->ID ) );
		$known_lists = $known ? ( new User_Changes( User_Sync_Settings::load() ) )->known_lists( $user ) : array();
		if ( $known && ( array() === $known_lists || $this->spool->add_user( $user->ID, $known_lists ) ) ) {
			User_Synced::forget( $user->ID );
			User_Consent::refuse( $user->ID );
		}
		return array(
			'items_removed'  => $known,
			'items_retained' => false,
			'messages'       => $known
				? array(
					__(
						'The gateway removes this user from its lists within a minute. Erase the person there as well.',
						'gateway-connector'
					),
				)
				: array(),
			'done'           => true,
		);
	}

	/**
	 * What is kept with a user, as names and values.
	 */
	private static function describe( WP_User $user ): array {
		$consent = User_Consent::given_by( $user->ID );
		$values  = array(
			__( 'Agreed to', 'gateway-connector' )       => $consent['text'] ?? '',
			__( 'Agreed on (UTC)', 'gateway-connector' ) => $consent['at'] ?? '',
			__( 'Agreed where', 'gateway-connector' )    => $consent['source'] ?? '',
		);
		foreach ( User_Synced::lists_of( $user->ID ) as $list => $synced ) {
			/* translators: %s: a mailing list's id */
			$values[ sprintf( __( 'Synced to the gateway for list %s', 'gateway-connector' ), $list ) ] = $synced['email'] . ', ' . gmdate(
				'Y-m-d H:i:s',
				$synced['at']
			);
		}
		$data = array();
		foreach ( array_filter( $values, 'strlen' ) as $name => $value ) {
			$data[] = array(
				'name'  => $name,
				'value' => esc_html( $value ),
			);
		}
		return $data;
	}
}
