<?php
/**
 * Listens to what happens to users.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Throwable;
use WP_User;

/**
 * Puts users who changed into the spool. This runs while somebody waits, so it does nothing else.
 */
final class User_Listener {

	/**
	 * Fields of users that WordPress keeps as meta and that are always sent.
	 */
	private const ALWAYS = array( 'first_name', 'last_name', 'locale' );

	private Spool $spool;

	public function __construct( Spool $spool ) {
		$this->spool = $spool;
	}

	public function register(): void {
		foreach ( array( 'user_register', 'profile_update', 'set_user_role', 'add_user_role', 'remove_user_role' ) as $hook ) {
			add_action( $hook, array( $this, 'changed' ), 100 );
		}
		foreach ( array( 'added_user_meta', 'updated_user_meta', 'deleted_user_meta' ) as $hook ) {
			add_action( $hook, array( $this, 'meta_changed' ), 100, 3 );
		}
		add_action( 'delete_user', array( $this, 'going' ) );
		add_action( 'remove_user_from_blog', array( $this, 'going' ) ); // On a network, users leave a site before they are deleted.
	}

	/**
	 * A user is new or changed. Nothing is sent of users who are on no list and were on none.
	 *
	 * @param int|string $user_id The user.
	 */
	public function changed( $user_id ): void {
		$this->quietly(
			(int) $user_id,
			function ( WP_User $user, User_Changes $changes ): void {
				if ( array() !== $changes->lists_of( $user ) || array() !== User_Synced::lists_of( $user->ID ) ) {
					$this->spool->add_user( $user->ID );
				}
			}
		);
	}

	/**
	 * Something that is kept with a user changed.
	 *
	 * @param int|int[]  $meta_id Not used.
	 * @param int|string $user_id The user.
	 * @param string     $key     What changed.
	 */
	public function meta_changed( $meta_id, $user_id, $key ): void {
		global $wpdb;
		$watched = array( User_Consent::key(), $wpdb->get_blog_prefix() . 'capabilities' );
		if ( in_array( $key, array_merge( self::ALWAYS, $watched ), true )
			|| in_array( $key, User_Sync_Settings::load()->properties, true )
		) {
			$this->changed( $user_id );
		}
	}

	/**
	 * A user is about to be deleted, or leaves this site of a network. The lists to remove them from are noted while they are known.
	 *
	 * @param int|string $user_id The user.
	 */
	public function going( $user_id ): void {
		$this->quietly(
			(int) $user_id,
			function ( WP_User $user, User_Changes $changes ): void {
				$known_lists = $changes->known_lists( $user );
				if ( array() === $known_lists || $this->spool->add_user( $user->ID, $known_lists ) ) {
					User_Synced::forget( $user->ID );
				}
			}
		);
	}

	/**
	 * Whatever goes wrong here, the user's page must work. The log says whose number, and nothing else about the user.
	 *
	 * @param callable $act What to do with a user, while the sync is on.
	 */
	private function quietly( int $user_id, callable $act ): void {
		try {
			$settings = User_Sync_Settings::load();
			$user     = $settings->is_active() ? get_userdata( $user_id ) : false;
			if ( $user instanceof WP_User ) {
				$act( $user, new User_Changes( $settings ) );
			}
		} catch ( Throwable $error ) {
			Log::note( sprintf( 'a change of user %d could not be stored.', $user_id ) );
		}
	}
}
