<?php
/**
 * Listens to other plugins’ forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Throwable;

/**
 * Puts submissions of other plugins' forms into the spool. This runs while the visitor waits, so it does nothing else.
 */
final class Plugin_Form_Listener {

	private Intake $intake;

	public function __construct( Intake $intake ) {
		$this->intake = $intake;
	}

	/**
	 * Listens once all plugins are there.
	 */
	public function register(): void {
		add_action( 'init', array( $this, 'listen' ) );
	}

	public function listen(): void {
		foreach ( Form_Plugins::active() as $plugin ) {
			$plugin->listen( array( $this, 'take' ) );
		}
	}

	/**
	 * Stores what was sent, when the form's owner chose so. Whatever goes wrong here, the visitor's form must work. The log says which
	 * form, and nothing about the visitor.
	 */
	public function take( Plugin_Submission $submission ): void {
		try {
			$settings = Plugin_Form_Settings::of( $submission->form );
			$stored   = ! $settings->enabled || $this->intake->take( self::document( $submission, $settings ) );
		} catch ( Throwable $error ) {
			$stored = false;
		}
		if ( ! $stored ) {
			Log::note( sprintf( 'a submission of the form %s could not be stored.', $submission->form->key() ) );
		} elseif ( $settings->enabled && ! wp_doing_ajax() ) {
			Wake_Route::enqueue( true ); // The page that says "Thank you" comes with this request.
		}
	}

	/**
	 * The submission, as the gateway's API describes it.
	 */
	private static function document( Plugin_Submission $submission, Form_Settings $settings ): array {
		$form  = $submission->form;
		$names = $form->names();
		$sent  = array();
		foreach ( $submission->values as $id => $value ) {
			$sent[ $names[ $id ] ] = $value;
		}
		return array(
			'submittedAt' => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'form'        => array(
				'id'     => $form->key(),
				'title'  => $form->title,
				'url'    => self::page( $submission ),
				'locale' => '' === $settings->language ? Page_Language::current() : $settings->language,
			),
			'fields'      => $sent,
			'visitor'     => array(
				'ip'        => Visitor::ip(),
				'userAgent' => Visitor::server( 'HTTP_USER_AGENT' ),
			),
			'subscribe'   => array_map(
				static fn( Subscription $one ) => self::subscribe( $one, $submission, $names ),
				array_values( $settings->complete() )
			),
		);
	}

	private static function subscribe( Subscription $one, Plugin_Submission $submission, array $names ): array {
		$member = array(
			'list'       => $one->list,
			'email'      => $names[ $one->email ] ?? $one->email,
			'name'       => $names[ $one->name ] ?? '',
			'properties' => array_filter( array_map( static fn( string $field ) => $names[ $field ] ?? '', $one->properties ), 'strlen' ),
			'consent'    => self::consent( $one, $submission ),
		);
		if ( '' === $member['name'] ) {
			unset( $member['name'] );
		}
		return $member;
	}

	/**
	 * What the person agreed to: the words that the form had when it was sent. A box without words proves nothing, and neither does the
	 * sending of a form with which people may want something else.
	 */
	private static function consent( Subscription $one, Plugin_Submission $submission ): array {
		$by_sending = Subscription::SENDING === $one->consent;
		$box        = $submission->form->field( $one->consent );
		$words      = $by_sending ? $one->words : ( $box ? $box->words : '' );
		$agreed     = $by_sending ? $submission->form->is_for_newsletter_only() : $submission->is_ticked( $one->consent );
		$policy     = array(
			'policyUrl'     => $one->policy_url,
			'policyVersion' => $one->policy_version,
		);
		return array(
			'given' => $agreed && '' !== $words,
			'text'  => $words,
		) + array_filter( $policy, 'strlen' );
	}

	private static function page( Plugin_Submission $submission ): string {
		$page = sanitize_url( '' === $submission->page ? (string) wp_get_raw_referer() : $submission->page, array( 'http', 'https' ) );
		return '' === $page ? home_url( '/' ) : $page;
	}
}
