<?php
/**
 * Double opt-in as modules ask for it: Brevo's module (the one kept here) fires wpcf7_doi, and stops when somebody sets the token.
 */

// Contact Form 7's own answer, which needs the plugin Doi Helper.
add_action( 'wpcf7_doi', 'wpcf7_doihelper_start_session', 10, 3 );

function wpcf7_doihelper_start_session( $agent_name, $args, &$token ) {
	$submission = WPCF7_Submission::get_instance();
	if ( isset( $token ) || ! function_exists( 'doihelper_start_session' ) || ! $submission ) {
		return;
	}
	if ( apply_filters( 'wpcf7_do_doi', ! $submission->get_contact_form()->is_false( 'doi' ), $agent_name, $args ) ) {
		$token = doihelper_start_session( $agent_name, $args );
	}
}

function wpcf7_sendinblue_api_key() {
	return get_option( 'wpcf7', array() )['sendinblue']['api_key'] ?? '';
}

add_filter(
	'wpcf7_pre_construct_contact_form_properties',
	static fn ( $properties ) => $properties + ( wpcf7_sendinblue_api_key() ? array( 'sendinblue' => array() ) : array() )
);

add_action(
	'wpcf7_submit',
	static function ( $contact_form, $result ) {
		$prop  = (array) $contact_form->prop( 'sendinblue' );
		$email = WPCF7_Submission::get_instance()->get_posted_string( 'your-email' );
		if ( $contact_form->in_demo_mode()
			|| ! wpcf7_sendinblue_api_key()
			|| empty( $result['posted_data_hash'] )
			|| ! in_array( $result['status'], array( 'mail_sent', 'mail_failed' ), true )
			|| empty( $prop['enable_contact_list'] )
			|| ! is_email( $email )
		) {
			return;
		}
		$contact = array( 'email' => $email, 'listIds' => (array) $prop['contact_lists'], 'updateEnabled' => false );
		$token   = null;
		do_action_ref_array( 'wpcf7_doi', array( 'wpcf7_sendinblue', array( 'email_to' => $email, 'properties' => array( 'contact' => $contact, 'email' => array() ) ), &$token ) );
		if ( ! isset( $token ) ) {
			wp_remote_post(
				'https://api.sendinblue.com/v3/contacts',
				array(
					'headers' => array( 'Content-Type' => 'application/json; charset=utf-8', 'API-Key' => wpcf7_sendinblue_api_key() ),
					'body'    => wp_json_encode( $contact ),
				)
			);
		}
	},
	10,
	2
);
